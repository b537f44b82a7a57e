#!/usr/bin/env bash
# negotiate-lab: a real third-party Windows-authentication web server on loopback.
#
#   Apache httpd + mod_auth_gssapi          https, "Negotiate" and raw "NTLM"
#   MIT Kerberos KDC                        realm, users, service keys
#   gss-ntlmssp                             NTLM acceptor with its own user file
#   epa_server.py (optional, Python)        the same, but checks TLS channel bindings
#
# usage: setup.sh install|ready|up|hold|down|restart|env|status|check
#   install   apt-get the packages (root; safe to repeat)
#   ready     whether the packages are there; prints what is missing
#   up        build everything in $LAB_DIR and start it (safe to repeat)
#   hold      up; print the variables and a last line "ready"; then wait for the end of the input, stop and remove all
#   env       print the variables a client test needs, as shell assignments
#   check     prove the lab with curl
#   down      stop what 'up' started (by recorded pid) and leave the files
#
# With LAB_CONSIGN=/path/to/consign, 'up' also starts `consign serve` on a site of its own, and Apache stands in front
# of it as a reverse proxy that signs people in by Negotiate and NTLM and shows the served site its bearer token.
#
# Everything lives in $LAB_DIR (default: a folder under $TMPDIR); nothing outside
# it is written. All listeners are on 127.0.0.1.
set -euo pipefail

LAB_DIR=${LAB_DIR:-${TMPDIR:-/tmp}/negotiate-lab-$(id -u)}
REALM=${LAB_REALM:-LAB.EXAMPLE}
NT_DOMAIN=${LAB_NT_DOMAIN:-LAB}
FQDN=${LAB_FQDN:-cm01.lab.example}
LAB_USER=${LAB_USER:-ada}
LAB_PASSWORD=${LAB_PASSWORD:-Correct-Horse7}
HTTPS_PORT=${LAB_HTTPS_PORT:-18443}
HTTP_PORT=${LAB_HTTP_PORT:-18080}
KDC_PORT=${LAB_KDC_PORT:-18088}
EPA_PORT=${LAB_EPA_PORT:-18444}
EACH_PORT=${LAB_EACH_PORT:-18445}
RELAY_PORT=${LAB_RELAY_PORT:-18446}
UNBOUND_PORT=${LAB_UNBOUND_PORT:-18447}
CONSIGN=${LAB_CONSIGN:-}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf 'negotiate-lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
export PATH=$PATH:/usr/sbin:/sbin

WANT=(apache2 libapache2-mod-auth-gssapi krb5-kdc krb5-admin-server krb5-user
      gss-ntlmssp openssl curl python3-gssapi faketime)

missing_packages() {
  local p
  for p in "${WANT[@]}"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || echo "$p"
  done
}

ready() {
  local missing
  command -v dpkg-query >/dev/null || { echo "no dpkg here"; return 1; }
  missing=$(missing_packages)
  [ -z "$missing" ] || { echo "not installed:" $missing; return 1; }
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] && { say "packages present"; return; }
  apt-get update -qq
  # keep the distribution's own services from starting on their default ports
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' > $policy; chmod +x $policy; made=1; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
  [ -n "$made" ] && rm -f $policy
  return 0
}

alive() { # pidfile
  [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null
}

write_krb5() {
  cat > "$LAB_DIR/krb5.conf" <<CONF
[libdefaults]
  default_realm = $REALM
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
  default_ccache_name = FILE:$LAB_DIR/ccache
  permitted_enctypes = aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96
[realms]
  $REALM = {
    kdc = 127.0.0.1:$KDC_PORT
  }
[domain_realm]
  .${FQDN#*.} = $REALM
  ${FQDN#*.} = $REALM
  localhost = $REALM
CONF
  cat > "$LAB_DIR/kdc.conf" <<CONF
[kdcdefaults]
  kdc_listen = 127.0.0.1:$KDC_PORT
  kdc_tcp_listen = 127.0.0.1:$KDC_PORT
[realms]
  $REALM = {
    database_name = $LAB_DIR/kdc/principal
    key_stash_file = $LAB_DIR/kdc/stash
    acl_file = $LAB_DIR/kdc/kadm5.acl
    max_life = 10h
    supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
    default_principal_flags = +preauth
  }
[logging]
  kdc = FILE:$LAB_DIR/log/kdc.log
  default = FILE:$LAB_DIR/log/krb5.log
CONF
}

make_kdc() {
  export KRB5_CONFIG=$LAB_DIR/krb5.conf KRB5_KDC_PROFILE=$LAB_DIR/kdc.conf
  if [ ! -e "$LAB_DIR/kdc/principal" ]; then
    kdb5_util -r "$REALM" create -s -P "$(openssl rand -hex 16)" >/dev/null 2>&1
    kadmin.local -r "$REALM" -q "addprinc -pw $LAB_PASSWORD $LAB_USER" >/dev/null 2>&1
    # the same user by enterprise name (user@REALM as one component), as Active Directory accepts it
    kadmin.local -r "$REALM" -q "addprinc -pw $LAB_PASSWORD $LAB_USER\\@$REALM" >/dev/null 2>&1
    # people whose passwords are only ever given wrongly; the tries of one are counted
    kadmin.local -r "$REALM" -q "addprinc -pw $LAB_PASSWORD mistyped" >/dev/null 2>&1
    kadmin.local -r "$REALM" -q "addprinc -pw $LAB_PASSWORD counted" >/dev/null 2>&1
    local spn
    for spn in "HTTP/$FQDN" HTTP/localhost; do
      kadmin.local -r "$REALM" -q "addprinc -randkey $spn" >/dev/null 2>&1
      kadmin.local -r "$REALM" -q "ktadd -k $LAB_DIR/http.keytab $spn" >/dev/null
    done
    chmod 644 "$LAB_DIR/http.keytab"   # a throw-away key, read by the web server's own user
  fi
  alive "$LAB_DIR/run/kdc.pid" ||
    krb5kdc -r "$REALM" -P "$LAB_DIR/run/kdc.pid"
}

make_cert() { # name, kind of key; without a name, all there are
  if [ $# = 0 ]; then
    # the relays' own: one with a hash of its own to bind to, and one that names none (RFC 5929 leaves it undefined)
    make_cert server rsa:2048; make_cert relay rsa:2048; make_cert unbound ed25519
    return
  fi
  [ -s "$LAB_DIR/$1.crt" ] && return
  openssl req -x509 -newkey "$2" -sha256 -nodes -days 30 -subj "/CN=$FQDN" \
    -addext "subjectAltName=DNS:$FQDN,DNS:localhost,IP:127.0.0.1" \
    -keyout "$LAB_DIR/$1.key" -out "$LAB_DIR/$1.crt" 2>/dev/null
}

pin_of() { # name
  printf 'SHA256:%s' "$(openssl x509 -in "$LAB_DIR/$1.crt" -outform der | sha256sum | cut -c1-64 | sed 's/../&:/g; s/:$//')"
}

write_site() {
  local base="$LAB_DIR/htdocs/AdminService"
  mkdir -p "$base/wmi" "$base/v1.0"
  cat > "$base/wmi/SMS_Site" <<'JSON'
{"@odata.context":"https://localhost/AdminService/wmi/$metadata#SMS_Site","value":[{"SiteCode":"LAB","SiteName":"Negotiate lab","ServerName":"CM01.lab.example","Version":"5.00.0000.0000","Type":2}]}
JSON
  cat > "$LAB_DIR/ntlm-users" <<USERS
$NT_DOMAIN:$LAB_USER:$LAB_PASSWORD
USERS
  chmod 644 "$LAB_DIR/ntlm-users"
  local mods=/usr/lib/apache2/modules
  [ -d $mods ] || die "apache modules not found; run: $0 install"
  local run_as="" modules="" served=""
  if [ -n "$CONSIGN" ]; then
    modules="LoadModule proxy_module $mods/mod_proxy.so
LoadModule proxy_http_module $mods/mod_proxy_http.so"
    served="  SSLProxyEngine on
  SSLProxyVerify none
  SSLProxyCheckPeerName off
  ProxyPass /AdminService $(served url)/AdminService nocanon
  <Location /AdminService>
    RequestHeader set Authorization \"Bearer $(cat "$(served token_file)")\"
  </Location>
  AllowEncodedSlashes NoDecode"
  fi
  [ "$(id -u)" = 0 ] && run_as=$'User www-data\nGroup www-data'
  cat > "$LAB_DIR/httpd.conf" <<CONF
ServerRoot "$LAB_DIR"
ServerName $FQDN
DefaultRuntimeDir $LAB_DIR/run
PidFile $LAB_DIR/run/httpd.pid
Mutex file:$LAB_DIR/run
Listen 127.0.0.1:$HTTPS_PORT
Listen 127.0.0.1:$HTTP_PORT
Listen 127.0.0.1:$EACH_PORT
LoadModule mpm_event_module $mods/mod_mpm_event.so
LoadModule authn_core_module $mods/mod_authn_core.so
LoadModule authz_core_module $mods/mod_authz_core.so
LoadModule authz_user_module $mods/mod_authz_user.so
LoadModule env_module $mods/mod_env.so
LoadModule headers_module $mods/mod_headers.so
LoadModule ssl_module $mods/mod_ssl.so
LoadModule setenvif_module $mods/mod_setenvif.so
LoadModule auth_gssapi_module $mods/mod_auth_gssapi.so
$modules
$run_as
SetEnvIf Authorization "^(Negotiate|NTLM) " signs_in=\$1
ErrorLog $LAB_DIR/log/error.log
LogLevel info auth_gssapi:debug
LogFormat "%{local}p %h:%{remote}p %{HTTPS}x %u %>s k=%k by=%{signs_in}e \"%r\"" conn
CustomLog $LAB_DIR/log/access.log conn
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 60
DocumentRoot $LAB_DIR/htdocs
<Directory $LAB_DIR/htdocs>
  Options None
  AllowOverride None
  Require all denied
  ForceType application/json
</Directory>
<Location /AdminService>
  AuthType GSSAPI
  AuthName "negotiate lab"
  GssapiAllowedMech krb5
  GssapiAllowedMech ntlmssp
  GssapiConnectionBound On
  GssapiSSLonly Off
  Require valid-user
  Header always set X-Lab-User "expr=%{REMOTE_USER}"
  Header always set X-Lab-Mech "expr=%{AUTH_TYPE}"
</Location>
<VirtualHost 127.0.0.1:$HTTPS_PORT>
  ServerName $FQDN
  SSLEngine on
  SSLCertificateFile $LAB_DIR/server.crt
  SSLCertificateKeyFile $LAB_DIR/server.key
  # as http.sys says where it remembers who asked; curl shows a ticket with every request to a server that does not say it
  Header always set Persistent-Auth true
$served
</VirtualHost>
# forgets who asked as soon as it has answered, as http.sys does with Kerberos
<VirtualHost 127.0.0.1:$EACH_PORT>
  ServerName $FQDN
  SSLEngine on
  SSLCertificateFile $LAB_DIR/server.crt
  SSLCertificateKeyFile $LAB_DIR/server.key
$served
  <Location /AdminService>
    GssapiConnectionBound Off
    GssapiAllowedMech krb5
  </Location>
</VirtualHost>
CONF
  chmod 600 "$LAB_DIR/httpd.conf"
}

served() { # key
  sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$LAB_DIR/log/served.out"
}

start_served() {
  [ -n "$CONSIGN" ] || return 0
  alive "$LAB_DIR/run/served.pid" && return
  export CONSIGN_HOME=$LAB_DIR/home
  "$CONSIGN" site init lab --sample "${LAB_DEVICES:-60}" --seed 1 >/dev/null
  setsid "$CONSIGN" serve --listen 127.0.0.1:0 >"$LAB_DIR/log/served.out" 2>"$LAB_DIR/log/served.err" </dev/null &
  echo $! > "$LAB_DIR/run/served.pid"
  local i
  for i in $(seq 200); do [ -n "$(served token_file)" ] && return; sleep 0.05; done
  die "consign serve did not start (see $LAB_DIR/log/served.err)"
}

start_httpd() {
  alive "$LAB_DIR/run/httpd.pid" && return
  KRB5_CONFIG=$LAB_DIR/krb5.conf KRB5_KTNAME=FILE:$LAB_DIR/http.keytab \
  NTLM_USER_FILE=$LAB_DIR/ntlm-users NETBIOS_COMPUTER_NAME=CM01 NETBIOS_DOMAIN_NAME=$NT_DOMAIN \
    apache2 -f "$LAB_DIR/httpd.conf" -k start
}

start_epa() {
  [ -f "$HERE/epa_server.py" ] || return 0
  alive "$LAB_DIR/run/epa.pid" && return
  local py=${LAB_PYTHON:-/usr/bin/python3}
  "$py" -c 'import gssapi' 2>/dev/null || { say "epa server skipped: no Python gssapi module"; return 0; }
  KRB5_CONFIG=$LAB_DIR/krb5.conf KRB5_KTNAME=FILE:$LAB_DIR/http.keytab \
  NTLM_USER_FILE=$LAB_DIR/ntlm-users NETBIOS_COMPUTER_NAME=CM01 NETBIOS_DOMAIN_NAME=$NT_DOMAIN \
    setsid "$py" "$HERE/epa_server.py" "$LAB_DIR" "$EPA_PORT" >"$LAB_DIR/log/epa.log" 2>&1 </dev/null &
  echo $! > "$LAB_DIR/run/epa.pid"
}

start_relay() { # name, port
  alive "$LAB_DIR/run/$1.pid" && return
  setsid "${LAB_PYTHON:-/usr/bin/python3}" "$HERE/relay.py" "$LAB_DIR" "$1" "$2" "$EPA_PORT" \
    >"$LAB_DIR/log/$1.log" 2>&1 </dev/null &
  echo $! > "$LAB_DIR/run/$1.pid"
}

wait_port() { # port
  local i
  for i in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
    sleep 0.1
  done
  die "nothing listens on 127.0.0.1:$1 (see $LAB_DIR/log)"
}

up() {
  mkdir -p "$LAB_DIR"/{kdc,run,log,htdocs}
  chmod 755 "$LAB_DIR"
  write_krb5; make_cert; make_kdc; start_served; write_site; start_httpd; start_epa
  start_relay relay "$RELAY_PORT"; start_relay unbound "$UNBOUND_PORT"
  wait_port "$KDC_PORT"; wait_port "$HTTPS_PORT"; wait_port "$HTTP_PORT"; wait_port "$EACH_PORT"
  wait_port "$RELAY_PORT"; wait_port "$UNBOUND_PORT"
  [ -s "$LAB_DIR/run/epa.pid" ] && wait_port "$EPA_PORT"
  say "up: https://localhost:$HTTPS_PORT/AdminService/wmi/SMS_Site"
}

down() {
  local f pid
  for f in "$LAB_DIR"/run/{httpd,kdc,epa,relay,unbound,served}.pid; do
    [ -s "$f" ] || continue
    pid=$(cat "$f"); kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    rm -f "$f"
  done
  say "down"
}

print_env() {
  cat <<ENV
export LAB_DIR=$LAB_DIR
export LAB_URL=https://localhost:$HTTPS_PORT/AdminService/wmi/SMS_Site
export LAB_HTTP_URL=http://localhost:$HTTP_PORT/AdminService/wmi/SMS_Site
export LAB_EPA_URL=https://localhost:$EPA_PORT/AdminService/wmi/SMS_Site
export LAB_EACH_URL=https://localhost:$EACH_PORT/AdminService/wmi/SMS_Site
export LAB_RELAY_URL=https://localhost:$RELAY_PORT
export LAB_UNBOUND_URL=https://localhost:$UNBOUND_PORT
export LAB_PIN=$(pin_of server)
export LAB_RELAY_PIN=$(pin_of relay)
export LAB_UNBOUND_PIN=$(pin_of unbound)
export LAB_FQDN=$FQDN
export LAB_REALM=$REALM
export LAB_NT_DOMAIN=$NT_DOMAIN
export LAB_USER=$LAB_USER
export LAB_PASSWORD=$LAB_PASSWORD
export LAB_KDC=tcp://127.0.0.1:$KDC_PORT
export LAB_CA=$LAB_DIR/server.crt
export LAB_SERVED_URL=$([ -z "$CONSIGN" ] || served url)
export LAB_SERVED_PIN=$([ -z "$CONSIGN" ] || served pin)
export LAB_SERVED_TOKEN_FILE=$([ -z "$CONSIGN" ] || served token_file)
export KRB5_CONFIG=$LAB_DIR/krb5.conf
export KRB5CCNAME=FILE:$LAB_DIR/ccache
ENV
}

# The files are removed: whoever holds the lab by this process's input wants nothing left, however it ends itself.
hold() {
  trap 'down; rm -rf "$LAB_DIR"' EXIT
  trap 'exit 0' HUP INT TERM
  up
  print_env
  echo ready
  cat >/dev/null
}

check() {
  eval "$(print_env)"
  local n=0 bad=0 py=${LAB_PYTHON:-/usr/bin/python3} good_users="$LAB_DIR/ntlm-users" wrong_users="$LAB_DIR/ntlm-wrong"
  printf '%s:%s:%s\n' "$NT_DOMAIN" "$LAB_USER" wrong > "$wrong_users"
  expect() { # name wanted got
    n=$((n+1))
    if [ "$2" = "$3" ]; then say "ok   $1 -> $3"; else bad=$((bad+1)); say "FAIL $1 -> $3, wanted $2"; fi
  }
  web() { curl -s -o /dev/null -w '%{http_code}' --cacert "$LAB_CA" "$@" || true; }
  probe() { "$py" "$HERE/probe.py" "$@" 2>&1 | tail -1; }
  kdestroy -q 2>/dev/null || true
  expect "no credentials"              401 "$(web "$LAB_URL")"
  expect "negotiate, no ticket"        401 "$(web --negotiate -u : "$LAB_URL")"
  expect "ntlm in negotiate"           200 "$(NTLM_USER_FILE=$good_users web --negotiate -u : "$LAB_URL")"
  expect "ntlm in negotiate, bad pw"   401 "$(NTLM_USER_FILE=$wrong_users web --negotiate -u : "$LAB_URL")"
  printf '%s\n' "$LAB_PASSWORD" | kinit "$LAB_USER@$LAB_REALM" >/dev/null
  expect "kerberos"                    200 "$(web --negotiate -u : "$LAB_URL")"
  expect "kerberos, plain http"        200 "$(web --negotiate -u : "$LAB_HTTP_URL")"
  if "$py" -c 'import gssapi' 2>/dev/null; then
    export NTLM_USER_FILE=$good_users
    expect "raw ntlm"                  "200 NTLM None"  "$(probe "$LAB_URL" NTLM ntlm none)"
    expect "bindings: kerberos none"   "200 krb5 0"       "$(probe "$LAB_EPA_URL" Negotiate spnego none)"
    expect "bindings: kerberos good"   "200 krb5 1"       "$(probe "$LAB_EPA_URL" Negotiate spnego good)"
    expect "bindings: kerberos bad"    "401 None None"    "$(probe "$LAB_EPA_URL" Negotiate spnego bad)"
    expect "bindings: ntlm none"       "200 ntlm 0"       "$(probe "$LAB_EPA_URL" NTLM ntlm none)"
    expect "bindings: ntlm good"       "200 ntlm 1"       "$(probe "$LAB_EPA_URL" NTLM ntlm good)"
    expect "bindings: ntlm bad"        "401 None None"    "$(probe "$LAB_EPA_URL" NTLM ntlm bad)"
    unset NTLM_USER_FILE
  fi
  kdestroy -q 2>/dev/null || true
  echo "$((n-bad)) passed, $bad failed"
  [ $bad = 0 ]
}

case ${1:-up} in
  install) install_packages ;;
  ready) ready ;;
  hold) hold ;;
  up) up ;;
  down) down ;;
  restart) down; up ;;
  env) print_env ;;
  status) for s in kdc httpd epa relay unbound served; do if alive "$LAB_DIR/run/$s.pid"; then echo "$s up"; else echo "$s down"; fi; done ;;
  check) check ;;
  *) die "usage: $0 install|ready|up|hold|down|restart|env|status|check" ;;
esac
