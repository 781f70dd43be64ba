"""The browser page: a person sees groups form, moves a lever and asks why somebody left."""
