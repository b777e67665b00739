using Microsoft.Extensions.Options;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Bulk;

internal static class BulkExtensions
{
    public const string Ndjson = "application/x-ndjson";
    public const string Csv = "text/csv";

    public static void AddBulk(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BulkOptions>()
            .BindConfiguration(BulkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<BulkGate>();
        builder.Services.AddSingleton<BulkMetrics>();
        builder.Services.AddSingleton<RelayLag>();
        builder.Services.AddSingleton<OrderImporter>();
    }
}

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
        return Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many requests",
            $"other {what} are running; nothing was done, try again in {RetryAfterSeconds} s");
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public static Place? TryTake(SemaphoreSlim places) => places.Wait(0, CancellationToken.None) ? new Place(places) : null;

        public void Dispose() => places.Release();
    }
}
