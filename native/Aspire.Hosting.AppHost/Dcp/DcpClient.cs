using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;

namespace Orders.Native.Hosting.Dcp;

/// <summary>DCP's API: objects as JSON over HTTPS, in the manner of Kubernetes.</summary>
internal sealed class DcpClient : IDisposable
{
    private const string Root = $"/apis/{DcpJson.Group}/v1";
    private const int ServiceAttemptsMax = 3;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ServiceTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public DcpClient(Uri server, string token, X509Certificate2 certificate)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, theirs, _, _) =>
            theirs?.GetCertHashString() == certificate.GetCertHashString();
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => _http.Dispose();

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var response = await _http.GetAsync($"{Root}/executables", cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!cancellationToken.IsCancellationRequested)
            {
                // Not listening yet; the caller's token is the deadline.
                await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
                continue;
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(ExecutableSpec executable, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "executables", executable.ToJson(), "application/json", cancellationToken);

    /// <summary>Asks the process to end; DCP kills it if it is still there after some seconds. Completes when asked, not
    /// when ended.</summary>
    public Task StopAsync(string name, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Patch, $"executables/{name}", new JsonObject { ["spec"] = new JsonObject { ["stop"] = true } },
        "application/merge-patch+json", cancellationToken);

    /// <summary>Removes what is left of a process, so that another of the same name can be started.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        using (await SendCoreAsync(HttpMethod.Delete, $"{Root}/executables/{name}", null, cancellationToken).ConfigureAwait(false))
        {
        }

        while (await FindAsync(name, cancellationToken).ConfigureAwait(false) is not null)
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ExecutableStatus?> FindAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await SendCoreAsync(HttpMethod.Get, $"{Root}/executables/{name}", null, cancellationToken)
            .ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        return ExecutableStatus.Read(await ReadAsync(response, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Makes DCP listen on the port, any free one when null, and balance over the processes that serve it.
    /// Returns the port. A service that gets none in time is made once more.</summary>
    public async Task<int> AddServiceAsync(string name, int? port, CancellationToken cancellationToken)
    {
        var spec = new JsonObject { ["protocol"] = "TCP", ["addressAllocationMode"] = "Localhost", ["address"] = "localhost" };
        if (port is { } wanted)
            spec["port"] = wanted;
        for (var attempt = 1; ; attempt++)
        {
            await SendAsync(
                HttpMethod.Post, "services", DcpJson.Object("Service", name, [], spec.DeepClone().AsObject()), "application/json",
                cancellationToken).ConfigureAwait(false);
            var (effective, last) = await EffectivePortAsync(name, cancellationToken).ConfigureAwait(false);
            if (effective > 0)
                return effective;
            if (attempt == ServiceAttemptsMax)
                throw new DistributedApplicationException($"DCP did not find a port for '{name}'. It says: {last}");
            await RemoveServiceAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(int Port, string Last)> EffectivePortAsync(string name, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var response = await SendCoreAsync(HttpMethod.Get, $"{Root}/services/{name}", null, cancellationToken)
                .ConfigureAwait(false);
            var service = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            if (service.TryGetProperty("status", out var status) && status.TryGetProperty("effectivePort", out var effective)
                && effective.GetInt32() > 0)
            {
                return (effective.GetInt32(), "");
            }

            if (TimeProvider.System.GetElapsedTime(start) > ServiceTimeout)
                return (0, service.GetRawText());
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveServiceAsync(string name, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        HttpStatusCode status;
        do
        {
            using var response = await SendCoreAsync(HttpMethod.Delete, $"{Root}/services/{name}", null, cancellationToken)
                .ConfigureAwait(false);
            status = response.StatusCode;
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
        while (status != HttpStatusCode.NotFound && TimeProvider.System.GetElapsedTime(start) < ServiceTimeout);
    }

    /// <summary>The state of every process, then every change, until cancelled; a dropped watch is taken up again.</summary>
    public async IAsyncEnumerable<ExecutableStatus> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await foreach (var line in LinesAsync($"{Root}/executables?watch=true", cancellationToken).ConfigureAwait(false))
            {
                using var change = JsonDocument.Parse(line);
                if (change.RootElement.GetProperty("type").GetString() is "ADDED" or "MODIFIED")
                    yield return ExecutableStatus.Read(change.RootElement.GetProperty("object"));
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The output of a process, each line with its time stamp, until the process ends.</summary>
    public IAsyncEnumerable<string> LogAsync(string name, string source, CancellationToken cancellationToken) =>
        LinesAsync($"{Root}/executables/{name}/log?source={source}&follow=true&timestamps=true", cancellationToken);

    /// <summary>Asks DCP to end every process and then itself.</summary>
    public async Task StopServerAsync(CancellationToken cancellationToken)
    {
        using var content = Content(new JsonObject { ["status"] = "Stopping" }, "application/merge-patch+json");
        using var response = await SendCoreAsync(HttpMethod.Patch, "/admin/execution", content, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    private static StringContent Content(JsonObject body, string type) =>
        new(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(type));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"DCP answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private async Task SendAsync(HttpMethod method, string path, JsonObject body, string type, CancellationToken cancellationToken)
    {
        using var content = Content(body, type);
        using var response = await SendCoreAsync(method, $"{Root}/{path}", content, cancellationToken).ConfigureAwait(false);
        await ReadAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendCoreAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"DCP did not answer {method} {path} within {AnswerTimeout.TotalSeconds} s.");
        }
    }

    private async IAsyncEnumerable<string> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(path, cancellationToken).ConfigureAwait(false);
        if (response is null)
            yield break;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await ReadLineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
            yield return line;
    }

    private async Task<HttpResponseMessage?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return response;
            response.Dispose();
            return null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // DCP closed the stream: the process was removed, or DCP ends.
            return null;
        }
    }
}
