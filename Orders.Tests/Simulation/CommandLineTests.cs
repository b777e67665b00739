using Orders.Simulator.Cli;

namespace Orders.Tests.Simulation;

[Unit]
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
    [InlineData("his", "history")]
    [InlineData("history --sta", "--state")]
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
    [InlineData("history", "Say where to")]
    [InlineData("history --out x --api http://x --key k", "Say where to")]
    [InlineData("history --out x --orders 0", "--orders must be 1 to 100000000")]
    [InlineData("history --out x --run a/b", "--run must be")]
    [InlineData("history --out x --from 2025-02-30", "--from '2025-02-30' must be a date")]
    [InlineData("history --out x --from 2025-02-02 --to 2025-02-01", "--from must not be later than --to, 2025-02-01")]
    [InlineData("history --out x --from 1995-12-31", "--from must not be earlier than 1996-01-01")]
    [InlineData("history --out x --to 2025-02-01 --as-of 2025-02-01", "--to must be earlier than --as-of, 2025-02-01")]
    [InlineData("history --out x --as-of 2125-02-01", "--as-of must not be later than today")]
    [InlineData("history --out x --seed-tables", "--seed-tables and --state are for --api")]
    [InlineData("history --out x --customers 0 --addresses 5", "Addresses are generated for customers")]
    [InlineData("history --out x --products 0", "Nobody can order")]
    public async Task Wrong_usage_is_2_and_says_why(string sentence, string reason)
    {
        Assert.Equal(2, await _cli.RunAsync(sentence.Split(' ')));
        Assert.Contains(reason, _cli.Error + _cli.Output, StringComparison.Ordinal);
    }
}
