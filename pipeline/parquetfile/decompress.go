package parquetfile

import (
	"bytes"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// maxZstdWindow is how far back a zstd frame may refer.
const maxZstdWindow = 64 << 20

// codecs are decompressors that no page is using: as many as columns were ever read
// at once.
type codecs struct {
	mu   sync.Mutex
	idle []*decompressor
}

func (c *codecs) decompress(codec format.CompressionCodec, dst, src []byte) error {
	d := c.take()
	defer c.put(d)
	return d.decompress(codec, dst, src)
}

func (c *codecs) take() *decompressor {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.idle) == 0 {
		return new(decompressor)
	}
	d := c.idle[len(c.idle)-1]
	c.idle = c.idle[:len(c.idle)-1]
	return d
}

func (c *codecs) put(d *decompressor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, d)
}

// close frees what the codecs hold beyond memory.
func (c *codecs) close() {
	for _, d := range c.idle {
		if d.zstd != nil {
			d.zstd.Close()
		}
	}
}

// A decompressor keeps the state of the codecs from page to page. Every codec
// writes into a slice of the declared size and no further.
type decompressor struct {
	zstd   *zstd.Decoder
	gzip   *gzip.Reader
	brotli *brotli.Reader
}

// decompress fills dst from src. If src holds any other number of bytes, that
// is ErrDamaged.
func (d *decompressor) decompress(codec format.CompressionCodec, dst, src []byte) error {
	if len(dst) == 0 && len(src) == 0 {
		return nil // a page of nulls, which some writers leave empty
	}
	n, err := 0, error(nil)
	switch codec {
	case format.Uncompressed:
		if n = len(src); n == len(dst) {
			copy(dst, src)
		}
	case format.Snappy:
		// It would make room for any size it is told, so that is checked first.
		if n, err = snappy.DecodedLen(src); err == nil && n == len(dst) {
			_, err = snappy.Decode(dst, src)
		}
	case format.Zstd:
		n, err = d.decodeZstd(dst, src)
	case format.Gzip:
		n, err = d.decodeGzip(dst, src)
	case format.Brotli:
		n, err = d.decodeBrotli(dst, src)
	case format.Lz4Raw:
		n, err = lz4.UncompressBlock(src, dst)
	default:
		return fault(ErrColumnType, "codec %s", codec)
	}
	if err != nil {
		return damaged("page: %s: %v", codec, err)
	}
	if n != len(dst) {
		return damaged("page of %d bytes claims %d", n, len(dst))
	}
	return nil
}

func (d *decompressor) decodeZstd(dst, src []byte) (int, error) {
	if d.zstd == nil {
		decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true),
			zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return 0, err
		}
		d.zstd = decoder
	}
	out, err := d.zstd.DecodeAll(src, dst[:0:min(cap(dst), len(dst)+64)])
	return len(out), err
}

func (d *decompressor) decodeGzip(dst, src []byte) (int, error) {
	if d.gzip == nil {
		d.gzip = new(gzip.Reader)
	}
	if err := d.gzip.Reset(bytes.NewReader(src)); err != nil {
		return 0, err
	}
	return readExactly(d.gzip, dst)
}

func (d *decompressor) decodeBrotli(dst, src []byte) (int, error) {
	if d.brotli == nil {
		d.brotli = new(brotli.Reader)
	}
	if err := d.brotli.Reset(bytes.NewReader(src)); err != nil {
		return 0, err
	}
	return readExactly(d.brotli, dst)
}

// readExactly fills dst and then looks for the end of r, which also makes a
// codec compare its checksum.
func readExactly(r io.Reader, dst []byte) (int, error) {
	n, err := io.ReadFull(r, dst)
	if err != nil {
		return n, err
	}
	var more [1]byte
	extra, err := io.ReadFull(r, more[:])
	if err == io.EOF {
		err = nil
	}
	return n + extra, err
}
