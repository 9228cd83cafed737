"""Files that come with texts: which kinds, where their bytes are kept, the words inside them."""
