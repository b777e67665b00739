using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Orders.Api.Http;
using Orders.Tests.Streams;

namespace Orders.Tests.Alarms;

[Unit]
public sealed class ServerErrorsTests
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ServerErrors _errors;

    public ServerErrorsTests() => _errors = new ServerErrors(Options.Create(new ServerErrorOptions()), _time);

    [Theory]
    [InlineData(9, 0, null)]
    [InlineData(10, 0, "10 of 10 replies within 00:01:00 were 500 or above")]
    [InlineData(10, 190, null)]
    [InlineData(10, 189, "10 of 199 replies within 00:01:00 were 500 or above")]
    public async Task Ten_errors_that_are_more_than_a_twentieth_of_all_replies_are_an_alarm(int errors, int others, string? says)
    {
        for (var i = 0; i < errors; i++) _errors.Count(i % 2 == 0 ? 500 : 503);
        for (var i = 0; i < others; i++) _errors.Count(i % 2 == 0 ? 200 : 499);

        Assert.Equal(says, await SaysAsync());
    }

    [Fact]
    public async Task Errors_are_forgotten_after_a_minute()
    {
        for (var i = 0; i < 20; i++) _errors.Count(500);
        _time.Advance(TimeSpan.FromSeconds(49));
        Assert.NotNull(await SaysAsync());
        _time.Advance(TimeSpan.FromSeconds(12));

        Assert.Null(await SaysAsync());
        _errors.Count(500);
        Assert.Null(await SaysAsync());
    }

    private async Task<string?> SaysAsync()
    {
        var result = await _errors.CheckHealthAsync(new HealthCheckContext());
        Assert.Equal(result.Description is null ? HealthStatus.Healthy : HealthStatus.Degraded, result.Status);
        return result.Description;
    }
}
