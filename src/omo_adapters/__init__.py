"""What connects the rules to the world: storage, Shopify, tills, files, the command line."""
