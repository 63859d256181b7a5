"""`Plan` in; tables, workbooks and a page out. Its doors, one function a command, are `plan_file` and `sweep_file`."""
