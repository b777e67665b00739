using Orders.Api.Domain;

namespace Orders.Tests.Domain;

[Unit]
public sealed class OrderNumberTests
{
    [Theory]
    [InlineData("7K3M-Q9TZ", "7K3M-Q9TZ")]
    [InlineData("7k3m-q9tz", "7K3M-Q9TZ")]
    [InlineData("7k3mq9tz", "7K3M-Q9TZ")]
    [InlineData(" 7K3M Q9TZ ", "7K3M-Q9TZ")]
    [InlineData("O1Il-0000", "0111-0000")]
    [InlineData("7K3M-Q9T", null)]
    [InlineData("7K3M-Q9TZ1", null)]
    [InlineData("7K3M-Q9TU", null)]
    [InlineData("ñandú-12", null)]
    [InlineData("", null)]
    public void A_number_is_what_people_mean(string written, string? number) => Assert.Equal(number, OrderIds.MeantNumber(written));
}
