using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Orders.Api.Persistence;

internal static class SaveErrors
{
    /// <summary>The unique constraint that refused a write, if that is why it failed.</summary>
    public static string? ViolatedConstraint(this DbUpdateException error) =>
        error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } cause ? cause.ConstraintName : null;
}
