"""Files from outside, read within bounds.

In the order in which it reads:

- ``file_names``: texts as names of files
- ``zip_reader``: the files in a zip
- ``pdf``: PDFs, judged and merged in a process of their own; before that, ``pdf_structure`` looks for endless circles
- ``picture``: photographs, made into PDFs in such a process
- ``list_text``: the text of PDFs, spreadsheets and plain files that hold a list
"""
