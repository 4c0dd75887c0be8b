for path in sorted((RUN / "report" / "charts").glob("timeline_*.png")):
    display(Image(filename=str(path)))
