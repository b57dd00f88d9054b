//go:build mail

package mailtest

const dovecotConf = `
base_dir = DIR/run
state_dir = DIR/run
log_path = DIR/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u DIR/users
}
userdb {
  driver = static
  args = uid=UID gid=GID home=DIR/home/%u
}
mail_location = maildir:DIR/mail/%u
first_valid_uid = 0
first_valid_gid = 0
mail_access_groups =
RIGHTS
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = PORT-IMAP
  }
  inet_listener imaps {
    port = PORT-IMAPS
    ssl = yes
  }
}
service stats {
  chroot =
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Concepten {
    auto = create
    special_use = \Drafts
  }
  mailbox Verzonden {
    auto = create
    special_use = \Sent
  }
}
`

const authConf = `
service auth {
  unix_listener DIR/spool/private/auth {
    mode = 0666
  }
}
`

const mainCF = `compatibility_level = 3.6
queue_directory = DIR/spool
data_directory = DIR/data
daemon_directory = /usr/lib/postfix/sbin
maillog_file = DIR/postfix.log
maillog_file_prefixes = DIR
myhostname = mail.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks =
alias_maps =
virtual_alias_maps = texthash:DIR/aliases
virtual_mailbox_domains = DOMAINS
virtual_mailbox_maps = texthash:DIR/boxes
virtual_mailbox_base = DIR
virtual_uid_maps = static:UID
virtual_gid_maps = static:GID
smtpd_recipient_restrictions = reject_unauth_destination, permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_tls_cert_file = DIR/cert.pem
smtpd_tls_key_file = DIR/key.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
`

const masterCF = `127.0.0.1:PORT-SMTPS inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:PORT-SUBMIT inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:PORT-SMTP inet n - n - - smtpd -o smtpd_sasl_auth_enable=no -o smtpd_relay_restrictions=reject_unauth_destination -o smtpd_recipient_restrictions=reject_unauth_destination
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`
