using System.Globalization;
using Orders.Api.Http;

namespace Orders.Tests.Http;

[Unit]
public sealed class InstantsTests
{
    [Theory]
    [InlineData("2026-11-21T08:15:30Z", "2026-11-21T08:15:30.0000000")]
    [InlineData("2026-11-21t08:15:30z", "2026-11-21T08:15:30.0000000")]
    [InlineData("2026-11-21T08:15:30.5+02:00", "2026-11-21T06:15:30.5000000")]
    [InlineData("2026-11-21T08:15:30.123456789Z", "2026-11-21T08:15:30.1234567")]
    [InlineData("2026-11-21t08:15:30.000000000000001-03:30", "2026-11-21T11:45:30.0000000")]
    public void Rfc_3339_is_understood(string text, string instant)
    {
        Assert.True(Instants.TryParse(text, out var read));
        Assert.Equal((instant, TimeSpan.Zero), (read.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture), read.Offset));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-11-21")]
    [InlineData("2026-11-21T08:15Z")]
    [InlineData("2026-11-21T08:15:30")]
    [InlineData("2026-11-21 08:15:30Z")]
    [InlineData("2026-11-21T08:15:30.Z")]
    [InlineData("2026-11-21T24:00:00Z")]
    [InlineData("2026-02-30T08:15:30Z")]
    [InlineData("2026-11-21T08:15:30+0200")]
    [InlineData("2026-11-21T08:15:30Z\n")]
    [InlineData("२०२६-११-२१T०८:१५:३०Z")]
    [InlineData("1/2/2026")]
    public void Anything_else_is_not(string? text) => Assert.False(Instants.TryParse(text, out _));
}
