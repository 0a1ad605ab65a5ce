project = "demo"
version = "2.3"
release = "2.3.1"
