using Microsoft.EntityFrameworkCore;

namespace Orders.Api.Persistence;

/// <summary>Changing single rows of small tables, safe against the second attempt that follows a lost reply.</summary>
internal static class RowEdits
{
    /// <summary>
    /// Changes one row under its lock, in one transaction. Invariant: edits of one row follow each other, and only columns whose
    /// value differs are written, so that two edits of different fields both survive.
    /// </summary>
    /// <param name="db">A context of this request alone.</param>
    /// <param name="locked">Selects the row and locks it: <c>select * ... for update</c>.</param>
    /// <param name="edit">
    /// Alters the row and gives the reply; a refusal leaves it as it is. The flag says that an earlier attempt may have been stored.
    /// </param>
    /// <param name="missing">The reply when there is no such row.</param>
    /// <param name="cancel">Ends the waiting for the lock.</param>
    public static Task<TReply> EditAsync<T, TReply>(
        this OrdersDbContext db, FormattableString locked, Func<T, bool, TReply> edit, Func<TReply> missing, CancellationToken cancel)
        where T : class
    {
        var attempt = 0;
        return db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            attempt++;
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            if (await db.Set<T>().FromSql(locked).ToListAsync(token) is not [var row]) return missing();

            var reply = edit(row, attempt > 1);
            await db.SaveChangesAsync(token);
            await transaction.CommitAsync(token);
            return reply;
        }, cancel);
    }
}
