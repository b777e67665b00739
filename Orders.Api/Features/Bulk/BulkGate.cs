using Microsoft.Extensions.Options;
using Orders.Api.Http;

namespace Orders.Api.Features.Bulk;

/// <summary>How many imports and exports run at the same time: each keeps a connection and some memory for as long as it takes.</summary>
internal sealed class BulkGate(IOptions<BulkOptions> options)
{
    private const string RetryAfterSeconds = "10";

    private readonly SemaphoreSlim _imports = new(options.Value.ImportsMax);
    private readonly SemaphoreSlim _exports = new(options.Value.ExportsMax);

    /// <returns>The place to give back; null when all are taken.</returns>
    public IDisposable? TryEnterImport() => Place.TryTake(_imports);

    /// <inheritdoc cref="TryEnterImport"/>
    public IDisposable? TryEnterExport() => Place.TryTake(_exports);

    public static IResult Full(HttpContext context, string what)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problems.Of(ProblemTypes.TooManyRequests, $"other {what} are running; nothing was done, try again in {RetryAfterSeconds} s");
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public static Place? TryTake(SemaphoreSlim places) => places.Wait(0, CancellationToken.None) ? new Place(places) : null;

        public void Dispose() => places.Release();
    }
}
