using System.Text.Json;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.SetAside;

internal static class SetAsideExtensions
{
    private static readonly SetAsideEvent Example = new()
    {
        Id = OrderEvent.IdOf(Examples.OrderId, 1), OrderId = Examples.OrderId, Version = 1, Type = OrderEventTypes.Placed,
        Bytes = 4_300_000, Reason = "MsgSizeTooLarge", Detail = "Broker: Message size too large", Refusals = 1, State = SetAsideEvent.Open,
        SetAsideAt = Examples.At,
    };

    public static void AddSetAside(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<SetAsideStore>();

    public static void MapSetAside(this WebApplication app)
    {
        var events = app.MapGroup("/v1/admin/set-aside-events").WithTags("Events set aside").RequireScope(Scopes.Admin)
            .Route("id", Values.Text(128), "The event's id: the order's id, a dot, the version.", Example.Id);
        events.MapGet("", ListSetAside.Handle)
            .Describe("List events that Kafka refused", "The stream went on without them: newest first, page by page, without the events "
                + "themselves. There should be none.")
            .Query("state", Values.OneOf(SetAsideEvent.States), "Only those in this state.", SetAsideEvent.Open)
            .Paged()
            .Replies(200, "One page.", new Page<SetAsideEvent>([Example], Examples.Cursor));
        events.MapGet("/{id}", GetSetAside.Handle)
            .Describe("Read an event that Kafka refused", "With the event itself.")
            .Replies(200, "The event.", Example with
            {
                Event = JsonSerializer.SerializeToElement(
                    OrderRows.Event(Examples.Order, OrderEventTypes.Placed, null), OrdersJson.Default.OrderEvent),
            })
            .Refuses(ProblemTypes.NotFound);
        events.MapPost("/{id}/retry", RetrySetAside.Handle)
            .Describe("Publish an event once more", "After Kafka was told to take it, e.g. by a larger `max.message.bytes`. It goes behind "
                + "all that is on its way; if Kafka refuses it again, it is open again.")
            .Replies(202, "It is sent once more.",
                Example with { State = SetAsideEvent.Retried, SettledAt = Examples.At.AddHours(1), SettledBy = Examples.KeyId },
                CommonHeaders.Location)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.SetAsideSettled);
        events.MapPost("/{id}/discard", DiscardSetAside.Handle)
            .Describe("Discard an event", "It is never published; projections have the order when its next version comes, or by a replay.")
            .Takes(new DiscardSetAside.Body("the order was a test"))
            .Replies(200, "It is discarded.", Example with
            {
                State = SetAsideEvent.Discarded, SettledAt = Examples.At.AddHours(1), SettledBy = Examples.KeyId,
                Note = "the order was a test",
            })
            .Refuses(ProblemTypes.NotFound, ProblemTypes.SetAsideSettled);
    }
}
