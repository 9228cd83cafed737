"""One reader for each kind of file whose words are found: `read(file)` gives the title and the parts."""
