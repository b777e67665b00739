using System.Runtime.ExceptionServices;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>
/// A user of the application whom the death of a part must not hurt. A death costs far more time than what is to be seen
/// after it, so many witnesses share
/// one: each arranges to be in the middle of something, then the part dies, and each says what became of it.
/// </summary>
public abstract class Witness : IAsyncDisposable
{
    /// <summary>Returns in the middle of what the death is to interrupt.</summary>
    public abstract Task ArrangeAsync();

    /// <summary>The part is away: whether that was the middle is seen here, and some things are only done now.</summary>
    public virtual Task MeanwhileAsync() => Task.CompletedTask;

    /// <summary>The part is back, or coming back.</summary>
    public abstract Task AssertAsync();

    public ValueTask DisposeAsync() => CleanUpAsync();

    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;
}

internal static class Deaths
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Has something die before witnesses; fails with what each of them has to say.</summary>
    /// <param name="witnesses">In the order in which they arrange themselves; the last one has no time to lose.</param>
    /// <param name="die">Called once with what is to be done while the part is away.</param>
    public static async Task WitnessedAsync(this IReadOnlyList<Witness> witnesses, Func<Func<Task>, Task> die)
    {
        Exception? first = null;
        try
        {
            foreach (var witness in witnesses) await witness.ArrangeAsync();
            await die(() => EachAsync(witnesses, witness => witness.MeanwhileAsync()));
            await EachAsync(witnesses, witness => witness.AssertAsync());
        }
        catch (Exception failure)
        {
            first = failure;
        }

        foreach (var witness in witnesses)
        {
            try
            {
                await witness.DisposeAsync();
            }
            catch (Exception failure)
            {
                // What they had to say counts more.
                first ??= failure;
            }
        }

        if (first is not null) ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Kills processes of a resource without a warning, and starts them again.</summary>
    public static async Task KilledAsync(this OrdersApplication app, string resource, int replicas, Func<Task> meanwhile)
    {
        var killed = new List<string>();
        for (var i = 0; i < replicas; i++) killed.Add(await app.KillAsync(resource));
        try
        {
            await meanwhile();
        }
        finally
        {
            foreach (var instance in killed) await app.StartAgainAsync(instance);
        }
    }

    /// <summary>Kills the database, and returns when the api is well with it again.</summary>
    public static async Task DatabaseKilledAsync(this OrdersApplication app, Func<Task> meanwhile)
    {
        try
        {
            await app.KilledAsync("postgres", 1, meanwhile);
        }
        finally
        {
            // What was pooled before is broken.
            app.Database.Clear();
            await Eventually.Is(async () => await app.Database.ScalarAsync<int>("select 1") == 1, "the database answers", Patience);
            await app.ApiIsHealthyAsync();
        }
    }

    private static async Task EachAsync(IReadOnlyList<Witness> witnesses, Func<Witness, Task> act)
    {
        var failures = new List<Exception>();
        foreach (var witness in witnesses)
        {
            try
            {
                await act(witness);
            }
            catch (Exception failure)
            {
                failures.Add(new InvalidOperationException($"{witness.GetType().Name}: {failure.Message}", failure));
            }
        }

        if (failures.Count > 0) throw new AggregateException(failures);
    }
}
