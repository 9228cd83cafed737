"""Turn what authors write (Markdown and its front matter) into safe HTML, plain text and passages."""
