"""The text of the configuration. Placeholders in capitals are filled by `configuration`."""

TEMPLATE = """\
# Fangtang's public sites, for the http block of nginx (a file in conf.d). Written by `python -m fangtang.snapshots.nginx`;
# the placeholders in capitals are filled by nginx_config(), or by envsubst. Why it is written like this: README.md beside it.

map_hash_bucket_size 1024;
map_hash_max_size 65536;
server_names_hash_bucket_size 256;

map $host $fangtang_site {
    default "";
${FANGTANG_HOSTS}
}

# Where an address moved to, as of the last reload: `fangtang site nginx --moves` writes the file. Without it the application and the stubs lead on.
map "$fangtang_site:$uri" $fangtang_move {
    default "";
    include ${FANGTANG_STORE}/${MOVES_FILES};
}

map $request_method $fangtang_allow {
    default "${ALLOWED}";
    GET     "";
    HEAD    "";
}

map "$fangtang_folder:$status" $fangtang_cache {
    default "${CACHE_PAGES}";
    "assets:200" "${CACHE_ASSETS}";
    "assets:206" "${CACHE_ASSETS}";
    "assets:304" "${CACHE_ASSETS}";
    "manifests:200" "${CACHE_ASSETS}";
    "~^(?:manifests|mirrors):" "no-store";
}

map $sent_http_content_type $fangtang_policy {
    default "${CONTENT_SECURITY_POLICY}";
${UNPOLICED}
}

upstream fangtang_desk {
    server ${FANGTANG_DESK_UPSTREAM};
    keepalive 8;
}

# The desk, and every host that is no public site: the application decides.
server {
    listen ${FANGTANG_LISTEN} default_server;
    server_name _;
    server_tokens off;
    client_max_body_size 250m;
    client_header_timeout 10s;  # for every host: until the head is read, nginx goes by this server
    reset_timedout_connection on;

    location / {
        proxy_pass http://fangtang_desk;
        include_proxy_headers;
    }
}

# The public sites. `current` is a symlink that a release switches by one rename, so a release needs no reload.
server {
    listen ${FANGTANG_LISTEN};
    server_name
${FANGTANG_NAMES};
    root ${FANGTANG_STORE}/sites/$fangtang_site/current;
    index index.html;
    disable_symlinks off;
    absolute_redirect off;
    server_tokens off;

    # Open files are kept, and each request looks with one stat() whether the name still leads to the same file: a release, and a file that was put
    # right, are seen at once.
    open_file_cache max=10000 inactive=20s;
    open_file_cache_valid 0;
    open_file_cache_errors off;
    sendfile on;
    tcp_nopush on;

    # Slow clients: who does not say what he wants, or takes nothing for a while, makes room for others.
    client_body_timeout 10s;
    client_max_body_size 16k;
    send_timeout 20s;
    reset_timedout_connection on;
    keepalive_timeout 30s;
    keepalive_requests 10000;

    gzip on;
    gzip_comp_level 5;
    gzip_min_length 1024;
    gzip_vary on;
    gzip_proxied any;
    gzip_types
${GZIP_TYPES};

    # A file's time is made from its digest: it feeds the ETag and says nothing about when.
    etag on;
    if_modified_since off;
    add_header Last-Modified "" always;
    add_header Allow $fangtang_allow always;
    add_header Cache-Control $fangtang_cache always;
    add_header Content-Security-Policy $fangtang_policy always;
${SECURITY}

    default_type ${UNKNOWN_TYPE};
    types {
${TYPES}
    }

    if ($fangtang_allow) {
        return 405;
    }
    # Empty names and names that climb, before nginx tidies them away; then hidden names, however they were spelt.
    if ($request_uri ~ ^[^?]*/(?:/|\\.\\.?(?:[/?]|$))) {
        return 404;
    }
    set $fangtang_folder "";

    error_page 403 404 = @moved;
    error_page 418 = @listed;
    recursive_error_pages on;

    # Nearly every request. What the headers above come to here is written out: a header made of variables costs more than all of these.
    location / {
        add_header Last-Modified "" always;
        add_header Cache-Control "${CACHE_PAGES}" always;
        add_header Content-Security-Policy "${CONTENT_SECURITY_POLICY}" always;
${SECURITY_OF_PAGES}
        error_page 403 404 = @moved;
        error_page 418 = @listed;
        if ($fangtang_move) {
            return 418;
        }
    }
    location /assets/ {
        set $fangtang_folder assets;
        error_page 403 404 = @moved;
    }
    # One expression decides for nearly every request; the rest are told apart inside.
    location ~ /(?:_|\\.(?!well-known(?:/|$))|(?:${FEED_NAMES})$|[^/.]+$|[^/]+\\.(?i:${UNPOLICED_EXTENSIONS})$) {
        location ~ /(?:_|\\.(?!well-known(?:/|$))) {
            return 404;
        }
${FEEDS}        location ~* \\.(?:${UNPOLICED_EXTENSIONS})$ {
            if ($fangtang_move) {
                return 418;
            }
        }
        # Perhaps a folder: nginx would lead each to its slash, but one without a page of its own is no address.
        location ~ /[^/.]+$ {
            if ($fangtang_move) {
                return 418;
            }
            set $fangtang_found page;
            if (-d $request_filename) {
                set $fangtang_found folder;
            }
            if (-f $request_filename/index.html) {
                set $fangtang_found page;
            }
            if ($fangtang_found = folder) {
                return 404;
            }
        }
    }
    # What mirrors read (snapshots/serve/mirroring.py): files by their path in `current`, names that begin with "_" too.
    location ^~ /.well-known/fangtang/ {
        set $fangtang_folder mirrors;
        error_page 418 /404.html;  # replaces the error pages of the site
        gzip off;
        types {
        }
        location = /.well-known/fangtang/record.json {
            set $fangtang_folder mirrors;
            default_type application/json;
            alias ${FANGTANG_STORE}/sites/$fangtang_site/record.json;
        }
        location ~ "^/\\.well-known/fangtang/trust/([1-9][0-9]{0,8}\\.json)$" {
            set $fangtang_folder mirrors;
            default_type application/json;
            alias ${FANGTANG_STORE}/trust/$1;
        }
        location ~ "^/\\.well-known/fangtang/manifests/(([0-9a-f]{2})[0-9a-f]{62})$" {
            set $fangtang_folder manifests;
            alias ${FANGTANG_STORE}/manifests/$2/$1;
        }
        location ~ ^/\\.well-known/fangtang/files/(.*[^/])$ {
            set $fangtang_folder mirrors;
            alias ${FANGTANG_STORE}/sites/$fangtang_site/current/$1;
            if (-d $request_filename) {
                return 404;
            }
        }
        return 404;
    }
    # Listed as moved: so it is, as long as no page stands there now. A stub is known by its twin below /_moved/.
    location @listed {
        error_page 403 404 = @moved;
        if (!-e $request_filename) {
            return 301 $fangtang_move;
        }
        if (-f $document_root/_moved$uri) {
            return 301 $fangtang_move;
        }
        if (-f $document_root/_moved${uri}index.html) {
            return 301 $fangtang_move;
        }
    }
    # No such file: the application knows what has moved since, and answers 404 with the site's page for all others.
    location @moved {
        proxy_pass http://fangtang_desk$request_uri;
        include_proxy_headers;
        proxy_connect_timeout 2s;
        proxy_read_timeout 10s;
        error_page 502 504 =404 /404.html;
        add_header X-Accel-Redirect "";  # empty, so not sent; but with it the headers above are not added to what the application sends
    }
    location = /404.html {
        error_page 418 /404.html;  # replaces the error pages above: a site without a 404 page gets nginx's
    }
}
"""

PROXY_HEADERS = """\
proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;"""
