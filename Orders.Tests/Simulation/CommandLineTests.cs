using Orders.Simulator.Cli;

namespace Orders.Tests.Simulation;

public sealed class CommandLineTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(false, "--urls=http://127.0.0.1:0")]
    [InlineData(false, "--Orders:Simulator:Rate=5")]
    [InlineData(true, "seed")]
    [InlineData(true, "sed")]
    [InlineData(true, "--help")]
    [InlineData(true, "[suggest]", "se")]
    public void Without_a_command_it_is_the_service(bool isCommand, params string[] args) =>
        Assert.Equal(isCommand, CommandLine.Handles(args));

    [Fact]
    public async Task Help_names_the_commands_and_options()
    {
        Assert.Equal(0, await _cli.RunAsync("--help"));
        Assert.Contains("seed", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("seed", "--help"));
        Assert.Contains("--skip-bad", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("se", "seed")]
    [InlineData("seed --pro", "--products")]
    [InlineData("seed --format ", "ndjson")]
    public async Task A_sentence_can_be_completed(string begun, string suggestion)
    {
        Assert.Equal(0, await _cli.RunAsync($"[suggest:{begun.Length}]", begun));
        Assert.Contains(suggestion, _cli.Output.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Theory]
    [InlineData("sed", "seed")]
    [InlineData("seed --custmers 5", "--customers")]
    [InlineData("seed --customers many --out x", "must be a number of rows, or a file")]
    [InlineData("seed --products 5001 --out x", "--products must be 0 to 5000 rows")]
    [InlineData("seed", "Say where to")]
    [InlineData("seed --addresses 5 --customers 0 --out x", "Addresses are generated for customers")]
    [InlineData("seed --api ftp://x --key k", "must be an address")]
    [InlineData("seed --api http://x --batch 1001 --key k", "--batch must be 1 to 1000")]
    public async Task Wrong_usage_is_2_and_says_why(string sentence, string reason)
    {
        Assert.Equal(2, await _cli.RunAsync(sentence.Split(' ')));
        Assert.Contains(reason, _cli.Error + _cli.Output, StringComparison.Ordinal);
    }
}
