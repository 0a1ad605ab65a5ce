#!/bin/sh
URL=https://e.org/demo-1.2.4.tar.gz  # verbump: version
OTHER=1.2.3
