using System.Data.Common;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using Orders.Contracts;

namespace Orders.ServiceDefaults.Alarms;

/// <summary>
/// An alarm as a webhook <c>system.alarm</c> for each subscription that asks for that type by name and is bound to no customer. It takes
/// the way of all webhooks: signed, repeated, logged.
/// </summary>
internal sealed class AlarmWebhooks(DbDataSource database, IOptions<AlarmOptions> options, TimeProvider time) : IAlarmReceiver
{
    private const string Insert = """
        with wanted as (
            select id from webhook_subscriptions
            where deleted_at is null and active and customer_id is null and event_types && array[$2::text]
        ), event as (
            insert into webhook_events (event_id, type, payload, at)
            select $1, $2, $3, $4 where exists (select from wanted) on conflict do nothing
        )
        insert into webhook_deliveries (event_id, subscription_id, due_at, recorded_at, expires_at)
        select $1, id, now(), now(), now() + $5::interval from wanted on conflict do nothing
        """;

    public async Task TellAsync(Alarm alarm, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        var now = time.GetUtcNow();
        var id = "alarm-" + Guid.CreateVersion7(now);
        await using var command = database.CreateCommand(Insert);
        foreach (var value in (object[])
            [id, WireNames.SystemAlarm, Payload(id, alarm, now).ToJsonString(OrdersJson.Options()), now, options.Value.WebhookKeptFor])
        {
            var parameter = command.CreateParameter();
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>A CloudEvent like the others, about a part of the system.</summary>
    private static JsonObject Payload(string id, Alarm alarm, DateTimeOffset now) => new()
    {
        ["specversion"] = "1.0",
        ["id"] = id,
        ["source"] = OrderEvent.SourceName,
        ["type"] = WireNames.SystemAlarm,
        ["subject"] = $"{alarm.Service}/{alarm.Name}",
        ["time"] = Text(now),
        ["datacontenttype"] = "application/json",
        ["data"] = new JsonObject
        {
            ["service"] = alarm.Service, ["alarm"] = alarm.Name, ["state"] = alarm.IsRaised ? "raised" : "cleared",
            ["reason"] = alarm.Reason, ["since"] = Text(alarm.Since),
        },
    };

    private static JsonNode? Text(DateTimeOffset time) =>
        System.Text.Json.JsonSerializer.SerializeToNode(time, OrdersJson.Options());
}
