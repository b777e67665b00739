using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Orders.Simulator.Api;

namespace Orders.Simulator.Live;

/// <summary>Body of <c>POST /live/rate</c>: orders per second on average, 0 to 500.</summary>
[System.Text.Json.Serialization.JsonUnmappedMemberHandling(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow)]
internal sealed record RateRequest(double? OrdersPerSecond);

/// <summary>What <c>GET /live</c> and every command answer.</summary>
/// <param name="State">preparing (seeding, or nothing to order yet), paused or running.</param>
/// <param name="ShopTime">What the calendar's clock shows; absent when traffic is even.</param>
/// <param name="Factor">By what the calendar multiplies the rate right now; absent when traffic is even.</param>
internal sealed record LiveStatus(
    string State, double OrdersPerSecond, string Run, int RandomSeed, int Destinations, int Products,
    long Placed, long Cancelled, IReadOnlyDictionary<string, long> Failed, long SoldOut, long Retried, long Delayed, long InFlight,
    DateTimeOffset? ShopTime, double? Factor);

/// <summary>Pause, resume and rate of live traffic, for people, scripts and the dashboard's commands.</summary>
internal static class LiveEndpoints
{
    /// <summary>Bytes of a request body.</summary>
    public const int BodyBytesMax = 4096;

    public static void MapLive(this WebApplication app)
    {
        var live = app.MapGroup("/live");
        live.MapGet("", Status);
        live.MapPost("/pause", (LiveControl control, LiveReport report) =>
        {
            control.Pause();
            return Status(report);
        });
        live.MapPost("/resume", (LiveControl control, LiveReport report) =>
        {
            control.Resume();
            return Status(report);
        });
        live.MapPost("/rate", SetRate);
    }

    private static JsonHttpResult<LiveStatus> Status(LiveReport report) => TypedResults.Json(report.Now(), ApiJson.Default.LiveStatus);

    private static async Task<IResult> SetRate(HttpRequest request, LiveControl control, LiveReport report, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
            return Invalid(StatusCodes.Status415UnsupportedMediaType, "Content-Type", "must be application/json");
        RateRequest? body;
        try
        {
            body = await request.ReadFromJsonAsync(ApiJson.Default.RateRequest, cancel);
        }
        catch (BadHttpRequestException error)
        {
            return Invalid(error.StatusCode, "body", "cannot be read, or is too large");
        }
        catch (JsonException error)
        {
            var field = error.Path is null or "$" ? "body" : error.Path.TrimStart('$', '.');
            return Invalid(StatusCodes.Status400BadRequest, field, "must be {\"orders_per_second\": number}");
        }

        if (body?.OrdersPerSecond is not (>= 0 and <= SimulatorOptions.LiveRateMax))
        {
            return Invalid(StatusCodes.Status400BadRequest, "orders_per_second",
                string.Create(CultureInfo.InvariantCulture, $"must be between 0 and {SimulatorOptions.LiveRateMax}"));
        }

        control.SetRate(body.OrdersPerSecond.Value);
        return Status(report);
    }

    private static ProblemHttpResult Invalid(int status, string field, string reason) => TypedResults.Problem(
        $"{field}: {reason}", statusCode: status, title: "The request is not valid", type: "/problems/invalid_request");
}

/// <summary>Gathers the status.</summary>
internal sealed class LiveReport(
    LiveControl control, ShopWindow shop, LiveProfile profile, SimulatorMetrics metrics, RunName run, IOptions<SimulatorOptions> options,
    TimeProvider time)
{
    public LiveStatus Now()
    {
        var (setting, tables, totals) = (control.Current, shop.Tables, metrics.Totals());
        var (shape, now) = (profile.Shape, time.GetUtcNow());
        var state = tables is null ? "preparing" : setting.Paused ? "paused" : "running";
        return new LiveStatus(state, setting.OrdersPerSecond, run.Name, options.Value.RandomSeed,
            tables?.Destinations.Count ?? 0, tables?.ProductIds.Count ?? 0,
            totals.Placed, totals.Cancelled, totals.Failed, totals.SoldOut, totals.Retried, totals.Delayed, totals.InFlight,
            shape?.ShopTime(now), shape is null ? null : Math.Round(shape.FactorAt(now), 3));
    }
}
