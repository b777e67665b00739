using System.Text.Json;
using Orders.Contracts;

namespace Orders.Indexer.Jobs;

/// <summary>One attempt at a job.</summary>
internal sealed class JobContext(ClaimedJob claimed, JobQueue queue)
{
    /// <summary>As the api writes what it asks for.</summary>
    private static readonly JsonSerializerOptions Json = OrdersJson.Options();

    private string? _result;

    public string Id => claimed.Id;

    /// <summary>1 for the first one.</summary>
    public int Attempt => claimed.Attempt;

    /// <summary>Somebody cancelled it.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>From now on the work goes through, whoever wishes it had not been begun.</summary>
    public bool IsPastCancelling { get; private set; }

    /// <summary>What came of it, as JSON.</summary>
    public string? Result => _result;

    public T Parameters<T>() => JsonSerializer.Deserialize<T>(claimed.Parameters, Json)!;

    /// <summary>What an earlier attempt saved last; null: there was none.</summary>
    public T? Progress<T>()
        where T : class => claimed.Progress is { } saved ? JsonSerializer.Deserialize<T>(saved, Json) : null;

    /// <summary>Keeps what the next attempt needs, for everybody to see.</summary>
    /// <exception cref="JobLostException">The job is somebody else's by now; this attempt must stop.</exception>
    public Task SaveAsync<T>(T progress, CancellationToken cancel) =>
        queue.SaveAsync(claimed, JsonSerializer.Serialize(progress, Json), cancel);

    public void PassCancelling() => IsPastCancelling = true;

    public void SetResult<T>(T result) => _result = JsonSerializer.Serialize(result, Json);
}
