// Command moments runs the moments service in a process of its own.
package main

import (
	"jalon.dev/pkg/service"
	"jalon.dev/services/moments"
)

func main() {
	service.Main("moments", func(parts service.Parts) (service.Service, error) {
		return moments.New(parts, moments.Config{})
	})
}
