// Scores answers as Mozilla's HTTP Observatory would, offline: JSON lines in, one score a line out.
import { createInterface } from "node:readline";
import { AxiosHeaders } from "axios";
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { Session } from "@mdn/mdn-http-observatory/src/retriever/session.js";
import { Requests } from "@mdn/mdn-http-observatory/src/types.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { name, headers, body, status } = JSON.parse(line);
  const url = new URL("https://gopy.example.org/");
  const response = () => ({
    headers: new AxiosHeaders(headers),
    status,
    data: body,
    request: { responseURL: url.href },
    verified: true,
    httpEquiv: new Map(),
  });
  const requests = new Requests(url.hostname);
  requests.resources.path = body;
  for (const kind of ["auto", "cors", "https"]) requests.responses[kind] = response();
  // The platform redirects plain HTTP before it reaches us.
  requests.responses.http = { ...response(), headers: new AxiosHeaders({ location: url.href }), status: 301 };
  requests.responses.httpRedirects = [
    { url: new URL("http://gopy.example.org/"), status: 301 },
    { url, status: 200 },
  ];
  requests.responses.httpsRedirects = [{ url, status: 200 }];
  requests.session = new Session(url);
  const results = ALL_TESTS.map((test) => test(requests));
  const score = results.reduce((sum, one) => sum + (one.result ? getScoreModifier(one.result) : 0), 100);
  console.log(JSON.stringify({ name, score, results: results.map((one) => one.result) }));
}
