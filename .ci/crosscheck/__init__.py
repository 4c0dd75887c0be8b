"""Cross-checks of a published run by other programs.

engines       reads every table with DuckDB, pandas and Polars
temperature   area_day's cold columns and cold_spell, from the publishers' hours
strikes       strike_night and the strike columns of area_day, from the bulletins
alerts        alert hours, from the merged alerts
queues        queue_day, from the schedules' versions and the household's log
reliability   the control case's indices, from its polls
hardship      hours and person-hours without power, and homes followed in small steps
findings      ccf and rate_ratio, with numpy and scipy
pauses        readings of claims and their counts, with scipy
facts         what product.md section 5 says the tables show

All but engines and facts start from the files in ../shared/data, never from
datasets/, and follow methods.md, whose sections they name; they share no code
with the program. Integers, dates and words must be equal, doubles to 1e-9.
"""
