using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Api.Outbox;

namespace Orders.Tests.Outbox;

[Unit]
public sealed class OutboxAlarmTests
{
    private static readonly SlotState Well = new(100, 5_000, 8L << 30, "reserved", 0);

    private readonly OutboxHealth _health = new();

    [Fact]
    public async Task All_is_well() => Assert.Null(await ReasonAsync(Well, TimeSpan.FromSeconds(5)));

    [Theory]
    [InlineData("unreserved")]
    [InlineData("lost")]
    [InlineData("missing")]
    public async Task A_slot_that_the_database_gives_up_is_told(string status) =>
        Assert.Contains(status, await ReasonAsync(Well with { WalStatus = status }, TimeSpan.Zero), StringComparison.Ordinal);

    [Fact]
    public async Task Much_log_little_room_and_old_events_are_told_one_by_one_and_an_alarm_ends()
    {
        Assert.Contains("bytes of log wait", await ReasonAsync(Well with { RetainedBytes = (1L << 30) + 1 }, TimeSpan.Zero),
            StringComparison.Ordinal);
        Assert.Contains("1000 more bytes", await ReasonAsync(Well with { SafeBytes = 1000 }, TimeSpan.Zero), StringComparison.Ordinal);
        Assert.Null(await ReasonAsync(Well with { SafeBytes = null }, TimeSpan.Zero));
        Assert.Contains("since 61 s", await ReasonAsync(Well, TimeSpan.FromSeconds(61)), StringComparison.Ordinal);
        Assert.Null(await ReasonAsync(Well, TimeSpan.Zero));
    }

    [Fact]
    public async Task Events_that_Kafka_refused_are_told_until_they_are_settled()
    {
        Assert.Contains("2 events that Kafka refused", await ReasonAsync(Well with { SetAside = 2 }, TimeSpan.Zero),
            StringComparison.Ordinal);
        Assert.Null(await ReasonAsync(Well, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_alarm_is_no_failure_and_a_failure_is_told_first()
    {
        await ReasonAsync(Well with { WalStatus = "lost" }, TimeSpan.Zero);
        _health.Failed("the session broke");
        var result = await _health.CheckHealthAsync(new HealthCheckContext());
        Assert.Equal((HealthStatus.Degraded, "the session broke"), (result.Status, result.Description));
    }

    private async Task<string?> ReasonAsync(SlotState slot, TimeSpan lag)
    {
        new OutboxAlarm(_health, new OutboxOptions(), NullLogger.Instance).Look(slot, lag);
        var result = await _health.CheckHealthAsync(new HealthCheckContext());
        return result.Status == HealthStatus.Healthy ? null : result.Description;
    }
}
