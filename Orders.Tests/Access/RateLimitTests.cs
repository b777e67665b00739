using System.Net;
using Orders.Api.Access;

namespace Orders.Tests.Access;

[Unit]
public sealed class RateLimitTests
{
    [Fact]
    public void However_many_addresses_call_the_buckets_are_bounded()
    {
        var slots = Enumerable.Range(0, 100_000)
            .Select(i => RateLimits.Slot(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 64)).Distinct().ToList();

        Assert.Equal(64, slots.Count);
        Assert.All(slots, slot => Assert.InRange(slot, 0, 63));
    }

    [Fact]
    public void A_network_of_ipv6_counts_as_one_caller() =>
        Assert.Single(Enumerable.Range(1, 200).Select(i => RateLimits.Slot(IPAddress.Parse($"2001:db8:1:2::{i:x}"), 65_536)).Distinct());

    [Fact]
    public void An_address_is_the_same_caller_however_it_is_written() =>
        Assert.Equal(
            RateLimits.Slot(IPAddress.Parse("192.0.2.7"), 65_536), RateLimits.Slot(IPAddress.Parse("::ffff:192.0.2.7"), 65_536));

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(100, 99, 1)]
    [InlineData(100, 90, 1)]
    [InlineData(100, 89, 2)]
    [InlineData(100, 0, 10)]
    public void The_bucket_is_full_again_after_as_many_seconds_as_it_takes(int burst, int remaining, int seconds) =>
        Assert.Equal(seconds, new Rate("k", 10, burst).SecondsToFull(remaining));
}
