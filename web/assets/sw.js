// The service worker: at most 2,400 bytes of source, served at /sw.js. An enhancement and no more: it
// keeps the forms this phone has opened, so that a poster scanned without a connection still opens its
// form. It answers a GET of a form's page only when the network does not, and touches nothing else:
// a worker that stands between a POST and the network can lose it (enketo/enketo#1584).
"use strict";
var CACHE = "homthu-1", WEEK = 6048e5, MOST = 8;

function keep(request, answer) {
  return caches.open(CACHE).then(function (cache) {
    return cache.put(request, answer).then(function () { return cache.keys(); }).then(function (kept) {
      return Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map(function (old) { return cache.delete(old); }));
    });
  });
}

function recall(request) {
  return caches.match(request).then(function (kept) {
    var age = kept ? Date.now() - Date.parse(kept.headers.get("Date")) : NaN;
    return Math.abs(age) < WEEK ? kept : Response.error();
  });
}

self.addEventListener("install", function (event) {
  self.skipWaiting();
  event.waitUntil(self.clients.matchAll({ includeUncontrolled: true }).then(function (pages) {
    return Promise.all(pages.filter(isForm).map(function (page) {
      return fetch(page.url).then(function (answer) { return answer.ok && keep(page.url, answer); });
    }));
  }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name !== CACHE; }).map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});

function isForm(asked) {
  return new URL(asked.url).pathname.indexOf("/g/") === 0;
}

self.addEventListener("fetch", function (event) {
  var request = event.request;
  if (request.method !== "GET" || request.mode !== "navigate" || !isForm(request)) return;
  event.respondWith(fetch(request).then(function (answer) {
    if (answer.ok && answer.type === "basic") event.waitUntil(keep(request, answer.clone()));
    return answer;
  }, function () { return recall(request); }));
});
