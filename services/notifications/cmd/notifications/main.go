// Command notifications runs the service notifications in a process of its own.
package main

import (
	"jalon.dev/pkg/service"
	"jalon.dev/services/notifications"
)

func main() {
	service.Main("notifications", func(parts service.Parts) (service.Service, error) {
		return notifications.New(parts, notifications.DefaultConfig())
	})
}
