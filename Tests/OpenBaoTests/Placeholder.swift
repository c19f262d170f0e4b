import OpenBao
