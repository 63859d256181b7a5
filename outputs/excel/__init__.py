"""Tables as finished sheets: styles, charts, pages, the plan workbook."""
