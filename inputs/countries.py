"""Country names in common English, so that a slip in one can be told from a name of the planner's own."""

COUNTRIES: tuple[str, ...] = tuple(
    """Afghanistan;Albania;Algeria;Angola;Argentina;Armenia;Australia;Austria;Azerbaijan;Bahrain;Bangladesh;Belarus;Belgium;Benin;Bhutan;
Bolivia;Bosnia and Herzegovina;Botswana;Brazil;Brunei;Bulgaria;Burkina Faso;Burma;Burundi;Cambodia;Cameroon;Canada;Central African Republic;
Chad;Chile;China;Colombia;Congo (Brazzaville);Congo (Kinshasa);Cook Islands;Costa Rica;Croatia;Cuba;Cyprus;Czechia;Denmark;Dominican Republic;
Ecuador;Egypt;El Salvador;Eritrea;Estonia;Ethiopia;Fiji;Finland;France;Gabon;Gambia;Georgia;Germany;Ghana;Greece;Greenland;Guatemala;Guinea;
Guyana;Haiti;Honduras;Hong Kong;Hungary;Iceland;India;Indonesia;Iran;Iraq;Ireland;Israel;Italy;Ivory Coast;Jamaica;Japan;Jordan;Kazakhstan;
Kenya;Kiribati;Kosovo;Kuwait;Kyrgyzstan;Laos;Latvia;Lebanon;Lesotho;Liberia;Libya;Lithuania;Luxembourg;Madagascar;Malawi;Malaysia;Mali;Malta;
Mauritania;Mauritius;Mexico;Moldova;Mongolia;Montenegro;Morocco;Mozambique;Namibia;Nauru;Nepal;Netherlands;New Caledonia;New Zealand;Nicaragua;
Niger;Nigeria;North Korea;North Macedonia;Norway;Oman;Pakistan;Panama;Papua New Guinea;Paraguay;Peru;Philippines;Poland;Portugal;Qatar;
Romania;Russia;Rwanda;Saudi Arabia;Senegal;Serbia;Sierra Leone;Singapore;Slovakia;Slovenia;Solomon Islands;Somalia;South Africa;South Korea;
South Sudan;Spain;Sri Lanka;Sudan;Suriname;Sweden;Switzerland;Syria;Taiwan;Tajikistan;Tanzania;Thailand;Togo;Tonga;Tunisia;Turkey;
Turkmenistan;Uganda;Ukraine;United Arab Emirates;United Kingdom;United States;Uruguay;Uzbekistan;Venezuela;Vietnam;Yemen;Zambia;Zimbabwe""".replace(
        "\n", ""
    ).split(";")
)

ALIASES = {
    "PRC": "China", "P.R. China": "China", "People's Republic of China": "China", "Peoples Republic of China": "China", "Mainland China": "China",
    "USA": "United States", "US": "United States", "U.S.": "United States", "U.S.A.": "United States", "United States of America": "United States",
    "America": "United States", "UK": "United Kingdom", "Great Britain": "United Kingdom", "Britain": "United Kingdom", "England": "United Kingdom",
    "Korea": "South Korea", "Republic of Korea": "South Korea", "ROK": "South Korea", "DPRK": "North Korea", "Viet Nam": "Vietnam",
    "Myanmar": "Burma", "DRC": "Congo (Kinshasa)", "DR Congo": "Congo (Kinshasa)", "Congo": "Congo (Kinshasa)", "Czech Republic": "Czechia",
    "Turkiye": "Turkey", "T\u00fcrkiye": "Turkey", "Russian Federation": "Russia", "Holland": "Netherlands", "UAE": "United Arab Emirates",
    "Cote d'Ivoire": "Ivory Coast", "C\u00f4te d'Ivoire": "Ivory Coast",
}  # fmt: skip
"""Other names of countries; one country under two names would be two countries to the plan."""
