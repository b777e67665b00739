namespace Orders.Simulator.Tables.Catalogue;

/// <summary>What makes the evening and the weekend.</summary>
internal static class LeisureShelves
{
    public static readonly IReadOnlyList<Category> All =
    [
        new("Electronics", "ELE", 1.2, "With a charging cable and a manual in five languages.",
            ["Nortek", "Onda Libre", "Pulsar", "Sonora"], ["black", "white", "silver", "midnight blue", "red"],
            [
                new("Wireless Headphones", 29, 299, 170, 340, "Thirty hours of music, noise cancelling, soft cushions."),
                new("Bluetooth Speaker", 19, 189, 250, 1900, "Loud for its size and safe at the pool."),
                new("Power Bank", 15, 79, 180, 520, "Charges a telephone four times and a tablet once."),
                new("Wireless Mouse", 12, 89, 70, 140, "Quiet buttons, works on glass, two years on one battery."),
                new("Mechanical Keyboard", 45, 189, 700, 1300, "Spanish layout, tactile switches, detachable cable."),
                new("Web Camera", 25, 129, 90, 260, "Sharp picture in poor light, with a shutter for privacy."),
                new("Digital Radio", 29, 149, 400, 1600, "Large buttons, alarm, twenty presets."),
                new("E-Reader", 89, 279, 160, 290, "Paper-like screen with a warm light for the night."),
            ]),
        new("Sports", "SPO", 1.1, "Tried by a club before it reached the shelf.",
            ["Cumbre", "Galgo", "Marea Alta", "Rayo Azul"], ["size S", "size M", "size L", "size XL", "one size"],
            [
                new("Yoga Mat", 12, 69, 800, 2600, "Grips when it is wet and rolls up flat."),
                new("Running Jacket", 29, 149, 180, 420, "Keeps wind and drizzle out and lets the heat through."),
                new("Hiking Backpack", 35, 189, 700, 2100, "Thirty litres with a rain cover and a ventilated back."),
                new("Padel Racket", 39, 259, 345, 385, "Round head for control, soft core."),
                new("Cycling Helmet", 25, 159, 230, 380, "Light and well aired, with a reflecting strap."),
                new("Resistance Bands", 8, 35, 120, 600, "Five strengths in a bag."),
                new("Swimming Goggles", 9, 45, 40, 120, "No fog and no pressure marks."),
            ]),
        new("Garden and Terrace", "GAR", 0.8, "Stands sun and frost for years.",
            ["Azahar", "Huerta Alta", "Patio Verde", "Riego Fino"], ["small", "medium", "large", "set of two"],
            [
                new("Clay Pot", 6, 59, 900, 9500, "Breathing terracotta that roots like."),
                new("Garden Hose", 15, 79, 1500, 5200, "Does not kink, with four fittings."),
                new("Pruning Shears", 9, 59, 180, 420, "Clean cut up to two centimetres."),
                new("Sun Umbrella", 35, 199, 3900, 9800, "Tilts, filters ultraviolet light, takes a breeze."),
                new("Charcoal Grill", 29, 249, 4500, 19000, "Enough for eight skewers, ash drawer below."),
                new("Potting Soil", 5, 25, 5000, 20000, "Peat free soil for balcony boxes."),
            ]),
        new("Toys and Games", "TOY", 1.0, "Tested for children and patient with parents.",
            ["Chiribita", "Peonza", "Rompecocos", "Tente Tieso"],
            ["classic edition", "travel edition", "large", "for two players", "junior"],
            [
                new("Jigsaw Puzzle", 8, 39, 350, 1500, "A thousand pieces and one view of the Gran Vía."),
                new("Wooden Train", 15, 89, 600, 3200, "Engine, four waggons and three metres of track."),
                new("Board Game", 15, 69, 500, 2400, "Easy to learn, different every evening."),
                new("Building Blocks", 12, 99, 400, 3500, "Two hundred pieces in twelve colours."),
                new("Plush Bear", 9, 49, 150, 900, "Soft, washable, named by its owner."),
                new("Card Game", 5, 25, 90, 300, "Forty Spanish cards that do not crease."),
                new("Kite", 9, 45, 150, 600, "Flies in a light breeze, with thirty metres of line."),
            ]),
        new("Stationery", "STA", 0.9, "Paper from forests that are replanted.",
            ["Cuaderno Rojo", "Papelera Central", "Tinta Fresca", "Trazo"], ["plain", "lined", "squared", "blue", "black", "assorted"],
            [
                new("Notebook", 3, 25, 120, 520, "Bound with thread, lies flat when it is open."),
                new("Fountain Pen", 12, 119, 18, 60, "Writes at once, also after a summer in a drawer."),
                new("Desk Calendar", 7, 29, 150, 500, "Weeks on a page, with the holidays of Madrid."),
                new("Watercolour Set", 9, 69, 150, 900, "Twenty-four pans, two brushes, one tin."),
                new("Ring Binder", 3, 15, 250, 600, "Holds four hundred sheets."),
                new("Document Case", 15, 89, 300, 1100, "For papers and a fourteen inch laptop."),
            ]),
        new("Personal Care", "CAR", 1.1, "Without perfume and not tested on animals.",
            ["Agua Clara", "Botica Real", "Malva", "Salvia y Sal"], ["sensitive", "classic", "travel size", "refill", "family size"],
            [
                new("Shampoo", 4, 25, 120, 1100, "Mild every-day shampoo with rosemary."),
                new("Sun Lotion", 8, 39, 100, 450, "Factor fifty, absorbed in a minute, kind to the sea."),
                new("Hand Cream", 4, 22, 60, 350, "For hands that work, with olive oil."),
                new("Electric Toothbrush", 25, 179, 150, 500, "Two minutes with a pause for every quarter."),
                new("Beard Trimmer", 19, 99, 160, 420, "Twenty lengths, washable."),
                new("Bar Soap", 3, 15, 90, 450, "Boiled slowly, cut by hand."),
            ]),
    ];
}
