using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

internal static class FullShelves
{
    /// <summary>
    /// Other tests leave many products sold out. Who draws orders from all that there is would be refused most of the time.
    /// </summary>
    public static Task FillShelvesAsync(this OrdersApplication app) =>
        app.ExecuteAsync("update products set stock = 100000 where stock < 100000");
}
