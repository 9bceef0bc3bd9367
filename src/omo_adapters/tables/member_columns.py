"""The columns of a member list, and what other systems call them."""

from __future__ import annotations

from typing import Final

from omo_adapters.tables.reading import Table

MEMBERS: Final = Table(
    columns={
        "record": (
            "member_id",
            "id",
            "member no",
            "customer id",
            "會員編號",
            "会员编号",
            "會員號碼",
            "客戶編號",
            "顧客編號",
        ),
        "card": ("card number", "member card", "barcode", "卡號", "會員卡號", "会员卡号", "卡号"),
        "phone": (
            "mobile",
            "phone number",
            "tel",
            "電話",
            "手機",
            "手機號碼",
            "手提電話",
            "聯絡電話",
            "电话",
            "手机",
            "手机号",
        ),
        "email": ("e-mail", "email address", "電郵", "電郵地址", "電子郵件", "电子邮箱", "邮箱"),
        "line": ("line id", "line user id", "line uid"),
        "line_provider": ("line provider id",),
        "whatsapp": ("whatsapp id", "bsuid", "whatsapp bsuid"),
        "app": ("app id", "app user id"),
        "shopify": ("shopify id", "shopify customer id"),
        "phone_verified": ("mobile verified", "電話已驗證", "手機已驗證"),
        "email_verified": ("e-mail verified", "電郵已驗證"),
        "name": ("full name", "姓名", "名稱", "會員姓名", "会员姓名"),
        "first_name": ("given name", "given names", "名", "名字"),
        "last_name": ("surname", "family name", "姓", "姓氏"),
        "birthday": ("date of birth", "dob", "birth date", "生日", "出生日期"),
        "joined_at": (
            "joined",
            "joined on",
            "registered at",
            "created at",
            "入會日期",
            "註冊日期",
            "注册日期",
            "入会日期",
        ),
        "updated_at": ("updated", "modified at", "更新時間", "更新日期", "更新时间"),
        "last_seen_at": (
            "last seen",
            "last visit",
            "last purchase",
            "last active",
            "最後消費日期",
            "最近消費日期",
            "最後到訪日期",
            "最后消费日期",
        ),
        "points": ("balance", "points balance", "積分", "點數", "積分餘額", "點數餘額", "积分", "积分余额"),
        "points_expire_at": ("points expiry", "points expire on", "積分到期日", "點數到期日", "积分到期日"),
        "tags": ("tag", "labels", "標籤", "标签"),
        "consent_email": ("accepts email", "email marketing", "電郵推廣", "電郵訂閱"),
        "consent_sms": ("accepts sms", "sms marketing", "短訊推廣", "簡訊行銷"),
        "consent_line": ("accepts line", "line marketing", "line推廣"),
        "consent_whatsapp": ("accepts whatsapp", "whatsapp marketing", "whatsapp推廣"),
    },
    required=("record",),
)
"""In CSV the header names them, in JSON Lines each object."""
