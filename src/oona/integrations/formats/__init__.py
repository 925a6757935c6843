"""One module for each format that can be imported; each offers its importer as `IMPORTER`."""
