using Orders.Simulator.Api;
using Orders.Simulator.Live;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Load;

/// <summary>The API has nothing to put load on: nobody who can order, or nothing to read.</summary>
internal sealed class NothingToLoadException(string message) : Exception(message);

/// <summary>
/// What the requests of a run are made of, read from the API before it begins. Request n is a function of the plan, of n and of what
/// was read; which order a read asks for also depends on which ones were placed by then.
/// </summary>
internal sealed class LoadShop
{
    /// <summary>Orders that are placed beforehand when there is none to read.</summary>
    private const int FirstOrders = 20;

    private readonly LoadPlan _plan;
    private readonly OrderIntents _intents;

    private LoadShop(LoadPlan plan, OrderModel? model, OrderPool orders, SearchPhrases? phrases)
    {
        (_plan, Model, Orders, Phrases) = (plan, model, orders, phrases);
        _intents = new OrderIntents(plan.Seed, plan.Run, cancelShare: 0);
    }

    /// <summary>Null when no order is placed.</summary>
    public OrderModel? Model { get; }

    public OrderPool Orders { get; }

    /// <summary>Null when nothing is searched for.</summary>
    public SearchPhrases? Phrases { get; }

    public OrderIntent Place(long number) => _intents.At(number, Model!);

    public string Read(long number) => "/v1/orders/" + Orders.Draw(_plan.Stream("reads").At(number));

    public string Search(long number) => Phrases!.Draw(_plan.Stream("searches").At(number));

    /// <param name="ordersMax">Orders that are known at once.</param>
    /// <param name="zipf">How much more often young orders are read.</param>
    /// <exception cref="NothingToLoadException">The scenario cannot be played.</exception>
    public static async Task<LoadShop> OpenAsync(
        OrdersApi api, LoadPlan plan, Profile profile, int ordersMax, double zipf, DateTimeOffset now, CancellationToken cancel)
    {
        var model = plan.Mix.Has(LoadOperation.Place) ? await ModelAsync(api, profile, cancel) : null;
        var phrases = plan.Mix.Has(LoadOperation.Search) ? await SearchPhrases.ReadAsync(api, now, cancel) : null;
        var shop = new LoadShop(plan, model, new OrderPool(ordersMax, zipf), phrases);
        if (plan.Mix.Has(LoadOperation.Read)) await shop.KnowOrdersAsync(api, ordersMax, cancel);
        return shop;
    }

    private static async Task<OrderModel> ModelAsync(OrdersApi api, Profile profile, CancellationToken cancel)
    {
        var tables = await ShopWindow.ReadAsync(api, cancel);
        return tables.CanOrder ? new OrderModel(tables, profile) : throw new NothingToLoadException(
            "Nobody can order: there must be an active customer with an address, and an active product. seed makes them.");
    }

    private async Task KnowOrdersAsync(OrdersApi api, int ordersMax, CancellationToken cancel)
    {
        var ids = new List<string>();
        await foreach (var page in api.PagesAsync("/v1/orders", LoadJson.Default.PageOrderRef, cancel))
        {
            ids.AddRange(page.Items.Select(order => order.Id));
            if (ids.Count >= ordersMax) break;
        }

        // The list has the youngest first, the pool last.
        foreach (var id in ids.Take(ordersMax).Reverse()) Orders.Add(id);
        if (Orders.Count > 0) return;
        for (var number = -1; number >= -FirstOrders && Model is not null; number--)
        {
            var reply = await api.PlaceAsync(Place(number), cancel);
            if (reply.OrderId is { } id) Orders.Add(id);
        }

        if (Orders.Count == 0) throw new NothingToLoadException("There is no order to read. history makes some, and so does placing.");
    }
}
