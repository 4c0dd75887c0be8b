// Package chart draws the charts of the report.
//
//  1. A chart function (Timeline.Scene, CoverageGrid.Scene, TileMap.Scene,
//     Estimates.Scene, Correlogram.Scene) lays plain numbers out on a Scene.
//  2. SVG or PNG writes the scene.
//
// The charts compute no statistic: means, intervals and p values come ready.
// NaN is a number that is not known, and so is an infinity wherever a field does
// not say otherwise; it is drawn hatched, never as zero, in white, or left out.
// Zero is an observed zero and has a mark of its own. Slices of one chart that
// must be equally long and are not are a caller's mistake: the chart panics.
//
// Lengths are in CSS pixels, y downward. A chart is laid out anew for the width
// it is asked for and its text keeps its size, so that one of 360 px can be read
// on a phone. Text is measured with Liberation Sans (SIL Open Font License 1.1),
// which the PNG is drawn with and whose widths are those of Arial and Helvetica,
// the fonts that the SVG asks for. The SVG also states the width of each text, so that
// texts keep apart in any other font.
//
// Equal input gives equal bytes.
package chart
