for path in sorted((RUN / "report" / "charts").glob("readings_*.png")):
    display(Image(filename=str(path)))
