// Command directory runs the directory service as a process of its own.
package main

import (
	"os"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/service"
	"jalon.dev/services/directory"
)

func main() {
	service.Main("directory", func(parts service.Parts) (service.Service, error) {
		cfg, err := config.Load[directory.Config](os.Environ())
		if err != nil {
			return nil, err
		}
		return directory.New(parts, cfg)
	})
}
