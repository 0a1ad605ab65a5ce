release = "0.9.2"
