print("geoatlas")
