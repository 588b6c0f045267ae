// Command notifications runs the service notifications in a process of its own.
package main

import (
	"os"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/service"
	"jalon.dev/services/notifications"
)

func main() {
	service.Main("notifications", func(parts service.Parts) (service.Service, error) {
		cfg := notifications.DefaultConfig()
		cfg.Holidays = os.Getenv("JALON_HOLIDAYS")
		var err error
		if cfg.Company, err = config.Load[notifications.CompanyRules](os.Environ()); err != nil {
			return nil, err
		}
		if cfg.Mail, err = config.Load[notifications.MailConfig](os.Environ()); err != nil {
			return nil, err
		}
		if cfg.Outgoing, err = config.Load[notifications.OutgoingConfig](os.Environ()); err != nil {
			return nil, err
		}
		return notifications.New(parts, cfg)
	})
}
