reported = None
for row in table("fact"):
    if row["reported"] != reported:
        reported = row["reported"]
        print(f"reported: {reported}")
    print(f"    {row['measure']}: {number(row['shown'])} {row['unit'] or ''}".rstrip())
