"""The names under which shops, tills and well-known datasets keep each field of a line.

In ranks: where a file has names of two ranks (`order_date` and `date`), the first wins.
Written plainly, without case, blanks and punctuation.
"""


def _ranks(*ranks: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(rank.split()) for rank in ranks)


ALIASES: dict[str, tuple[frozenset[str], ...]] = {
    "customer_id": _ranks(
        "customerid",
        "customer clientid client householdkey householdid household memberid member userid user "
        "shopperid shopper buyerid buyer custid custno customerno customernumber customerkey "
        "customercode accountid visitorid loyaltyid loyaltycard cardid cardnumber msno",
    ),
    "occurred_at": _ranks(
        "occurredat",
        "invoicedate orderdate orderdatetime ordertime orderedat ordertimestamp "
        "orderpurchasetimestamp purchasedate purchasedat transactiondate transactiontime "
        "transactiondatetime transactiontimestamp transdate saledate salesdate eventtime "
        "receiptdate basketdate",
        "timestamp datetime date createdat ts",
        "time",
    ),
    "order_id": _ranks(
        "orderid",
        "invoiceno invoice invoiceid invoicenumber order orderno ordernumber orderkey basketid "
        "basket basketno receiptid receipt receiptno receiptnumber ticketid ticketno cartid",
        "transactionid transaction transactionno transactionnumber transid saleid billno",
    ),
    "product_id": _ranks(
        "productid",
        "stockcode sku skuid itemid itemcode itemno itemnumber articleid article articleno "
        "productcode productno productnumber productkey asin ean upc gtin isbn prodid",
        "item product stock productname itemname",
    ),
    "category": _ranks(
        "category",
        "categoryname productcategory categoryid categorycode productcategoryname itemcategory "
        "producttype",
        "department departmentname dept departmentid commoditydesc productgroup aisle",
    ),
    "country": _ranks("country", "countryname countrycode customercountry shipcountry"),
    "quantity": _ranks(
        "quantity",
        "qty units quantitysold quantityordered orderquantity orderedquantity orderqty "
        "itemquantity numberofcds numitems itemcount unitssold pieces count",
    ),
    "unit_price": _ranks("unitprice", "price priceperunit priceeach itemprice"),
    "discount": _ranks("discount", "discountamount discountvalue linediscount retaildisc"),
    "amount": _ranks(
        "amount",
        "linetotal lineamount totalprice totalamount dollarvalue salesvalue salesamount "
        "amountpaid paid paymentvalue purchaseamount transactionamount totalsales",
        "total sales revenue spend value",
    ),
    "event_id": _ranks("eventid"),
}
