// Shows the OpenAPI document. After a sign-in by cookie, "try it out" sends the CSRF token by itself.
let csrfToken = "";

fetch("/api/v1/session")
  .then((response) => (response.ok ? response.json() : { csrf_token: "" }))
  .then((session) => {
    csrfToken = session.csrf_token;
  });

SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null, // no outside address
  requestInterceptor(request) {
    if (csrfToken && !request.headers.Authorization) request.headers["X-CSRF-Token"] = csrfToken;
    return request;
  },
  responseInterceptor(response) {
    if (response.obj && response.obj.csrf_token) csrfToken = response.obj.csrf_token;
    return response;
  },
});
