namespace Orders.Simulator.Cli;

/// <summary>Shows how far long work is: something that is drawn anew on a terminal, elsewhere a line now and then.</summary>
internal abstract class WorkView(Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    protected Terminal Terminal { get; } = terminal;

    protected TimeProvider Clock { get; } = time;

    /// <summary>Returns when the work has ended, with what it ended with.</summary>
    public async Task<T> ShowAsync<T>(Task<T> work)
    {
        if (Terminal.Error.Profile.Capabilities.Interactive)
        {
            await DrawAsync(work);
        }
        else
        {
            while (!await EndsWithinAsync(work, BetweenLines)) Terminal.Complain(Line());
        }

        return await work;
    }

    /// <summary>Draws until the work has ended, however it ends.</summary>
    protected abstract Task DrawAsync(Task work);

    /// <summary>How far it is, as one line.</summary>
    protected abstract string Line();

    protected async Task<bool> EndsWithinAsync(Task work, TimeSpan limit)
    {
        using var timer = new CancellationTokenSource();
        await Task.WhenAny(work, Task.Delay(limit, Clock, timer.Token));
        await timer.CancelAsync();
        return work.IsCompleted;
    }
}
