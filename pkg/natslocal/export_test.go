package natslocal

// DiskWasFull makes the server believe that it met a full disk, which no test can make.
func (s *Server) DiskWasFull() { s.full <- struct{}{} }
