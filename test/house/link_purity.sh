#!/usr/bin/env bash
# link_purity.sh NM ARCHIVE...: the pure modules reach for no clock, socket, file, environment, chance, thread or
# console. It looks at the symbols that their objects want from elsewhere: whatever the source looks like, a module
# cannot touch the world without naming one of these.
set -euo pipefail
nm=$1
shift

clock='time|clock|clock_(gettime|getres|nanosleep)|gettimeofday|timespec_get|nanosleep|u?sleep|(local|gm)time|localtime_r|mktime|ftime|times|tzset'
socket='socket(pair)?|bind|listen|accept4?|connect|(send|recv)(to|from|m?msg)?|(get|set)sockopt|getaddrinfo|getnameinfo|gethostbyname.*|p?poll|p?select|epoll_.*'
file='(f|fd|fre)?open(at|dir)?|creat|f?(read|write|close|seek|flush)|ftell|lseek|fput[cs]|fget[cs]|p(read|write)|[lf]?stat|access|unlink|rename|remove|mkdir|mkd?s?temp|tmpfile|mmap|getcwd|chdir|realpath|readdir|gz(dopen|open|read|write|close).*'
environment='(secure_)?getenv|(un)?setenv|putenv|(__)?environ|setlocale'
chance='s?rand|rand_r|s?random|[delmnj]rand48|arc4random.*|getrandom|getentropy|RAND_.*'
process='pthread_.*|thrd_.*|v?fork|exec(v|l).*|posix_spawn.*|popen|system|kill|raise|signal|sigaction'
console='v?f?printf|puts|putchar|perror|stdin|stdout|stderr'
library='curl_.*|BIO_.*|SSL_.*|X509_.*|PEM_.*'
c_names="(__)?($clock|$socket|$file|$environment|$chance|$process|$console|$library)(64)?(_2|_chk)?"
cxx_names='std::chrono::(_V2::)?[a-z_]*clock::now|std::(__cxx11::)?basic_[io]?f(stream|ilebuf)|basic_filebuf|std::random_device|std::(this_thread|j?thread|condition_variable|future|promise|(recursive_|shared_|timed_)*mutex)\b|std::(__cxx11::)?filesystem|std::filesystem|std::(w?c(in|out|err|log))\b|std::ios_base::Init|boost::asio|tinyxml2::XMLDocument::(Load|Save)File'

status=0
for archive in "$@"; do
  wanted=$("$nm" --undefined-only --demangle "$archive" | sed -nE 's/^ +[Uwv] //p' | sort -u)
  if [[ -z $wanted ]]; then
    echo "$archive: nm lists no symbols at all; is it a static library with objects in it?"
    status=1
  fi
  if impure=$(grep -E "^($c_names)(@.*)?$|$cxx_names" <<<"$wanted"); then
    while read -r symbol; do echo "$archive: a pure module refers to $symbol"; done <<<"$impure"
    status=1
  fi
done
exit $status
