needs = "1.2.3"
release = "1.2.3"
