using System.Runtime.ExceptionServices;

namespace Orders.Tests.Support;

/// <summary>Waiting for what must become true: a deadline, and on time-out the last thing that was seen.</summary>
internal static class Eventually
{
    /// <summary>Long: after the database or the api was killed, minutes of events may have to be caught up with.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The first value that satisfies <paramref name="wanted"/>.</summary>
    public static async Task<T> Get<T>(Func<Task<T>> probe, Func<T, bool> wanted, string describe, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        var limit = patience ?? Patience;
        object? last = "nothing yet";
        while (TimeProvider.System.GetElapsedTime(started) < limit)
        {
            try
            {
                var value = await probe();
                if (wanted(value)) return value;
                last = value;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                last = error.Message;
            }

            using var pause = new PeriodicTimer(Pause);
            await pause.WaitForNextTickAsync();
        }

        throw new TimeoutException($"not seen within {limit}: {describe}. Last: {last}");
    }

    public static Task Is(Func<Task<bool>> probe, string describe, TimeSpan? patience = null) =>
        Get(probe, value => value, describe, patience);

    /// <summary>Repeats assertions until they hold.</summary>
    public static async Task Holds(Func<Task> assertions, TimeSpan? patience = null)
    {
        Exception? last = null;
        try
        {
            await Get(async () =>
            {
                try
                {
                    await assertions();
                    return true;
                }
                catch (Exception error)
                {
                    last = error;
                    throw;
                }
            }, done => done, "the assertions hold", patience);
        }
        catch (TimeoutException) when (last is not null)
        {
            ExceptionDispatchInfo.Throw(last);
        }
    }
}
